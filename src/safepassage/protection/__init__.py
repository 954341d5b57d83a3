"""What may be shown to whom? Suppression, coarsening, delay.

`share` turns a forecast into the only form that may be shared with everybody. It goes three steps: what it
rests on is at least ten days old and the same for a whole week; places become areas of several towns, and
days become one deadline four weeks ahead; people become a range, told only where twenty or more come. The
attacks it is held against are in tests/protection, the reasons in docs/protection.md.

References: IASC Operational Guidance on Data Responsibility (2023); UN Statistics, mobile phone data guide
(no cells with up to 20 people); Sweeney 2002, doi:10.1142/S0218488502001648 (k-anonymity).
"""

from safepassage.protection.sharing import share as share
