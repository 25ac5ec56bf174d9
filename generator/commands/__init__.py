"""The commands of `gongbao`: each module defines `COMMAND`; listing the folder finds them."""
