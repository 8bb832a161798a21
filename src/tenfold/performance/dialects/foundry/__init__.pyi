from .run import read_foundry as read_foundry
