package dev.runnel.auth;

/** Somebody whose keys are taken: what they must say and what they are verified with. */
record TrustedIssuer(ClaimRules rules, KeySource keys) {}
