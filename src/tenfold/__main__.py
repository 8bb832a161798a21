"""``python -m tenfold``: the command line."""

from tenfold.interfaces.cli import main

main()
