//! Backend services: `client_credentials` with a signed assertion (SMART App Launch 2.2, "Backend Services").
