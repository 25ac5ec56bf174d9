"""What `gongbao` can do: every module supplies `COMMAND`; listing the folder finds them."""
