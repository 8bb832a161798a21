"""Jobs drawn from distributions in place of a trace: declared (``streams``), drawn (``draw``)."""
