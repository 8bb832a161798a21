"""Claims: statements about the AI compute race, each with the calculation that judges it, belong here."""
