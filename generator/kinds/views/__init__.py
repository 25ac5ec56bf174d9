"""Pages that join several kinds; each module supplies `VIEW`, and the folder is their list."""
