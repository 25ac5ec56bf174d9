"""What earlier builds made, and how it is known whether that still holds."""
