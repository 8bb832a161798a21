"""Interfaces: thin ways in (command line, web). Neither knows the other, and nothing imports them."""
