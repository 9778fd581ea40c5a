"""`python -m tui` is the command `redraft`."""

from tui.cli.quick import main

if __name__ == "__main__":
    main()
