from .flags import Flags as Flags
from .flags import flags_of as flags_of
from .values import unknown as unknown
from .values import unknowns_in as unknowns_in
