"""What people are told: problems in words, progress, exit codes."""
