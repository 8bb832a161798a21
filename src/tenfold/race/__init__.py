"""Race: the players of the AI compute race, quarter by quarter, and who reaches which compute when, belong here."""
