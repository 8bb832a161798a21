"""``python -m tenfold.interfaces.cli``."""

from tenfold.interfaces.cli import main

main()
