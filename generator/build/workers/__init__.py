"""Work in other processes or on other machines: tasks that take and return bytes."""
