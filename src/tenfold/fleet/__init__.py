"""Fleet: the event engine, the schedulers, readers of real job traces, and shared capacity belong here."""
