from .answer import ClaimsAnswer as ClaimsAnswer
from .answer import Finding as Finding
from .answer import Judged as Judged
from .ledger import KINDS as KINDS
from .ledger import VERDICTS as VERDICTS
from .question import ClaimsQuestion as ClaimsQuestion
