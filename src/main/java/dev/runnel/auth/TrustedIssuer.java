package dev.runnel.auth;

/** An issuer whose keys are accepted: the rules for their claims, and the keys that verify them. */
record TrustedIssuer(ClaimRules rules, KeySource keys) {}
