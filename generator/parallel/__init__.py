"""Work on many cores or machines: tasks that take and return bytes."""
