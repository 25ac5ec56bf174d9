"""`python -m generator` is the command `gongbao`."""

from generator.commands._cli import run

if __name__ == "__main__":
    run()
