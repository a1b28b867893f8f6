//! SMART standalone launch: PAR, authorization request, code, refresh.
