"""Reports: what an agency tells a council, each figure leading to where it is from."""
