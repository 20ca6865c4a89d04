/**
 * Verifies bearer keys, and issues and revokes local ones. It must not know HTTP beyond the value of one header, nor
 * what a caller does with the service. Its public types for a server are {@link dev.runnel.auth.Keyring}, {@link
 * dev.runnel.auth.Authenticator}, {@link dev.runnel.auth.Caller}, {@link dev.runnel.auth.Plans} and {@link
 * dev.runnel.auth.Revocations}. Those for the command line are {@link dev.runnel.auth.KeyRegistry}, {@link
 * dev.runnel.auth.KeyIssuer}, {@link dev.runnel.auth.SigningSecret} and the records {@link dev.runnel.auth.KeyRequest},
 * {@link dev.runnel.auth.IssuedKey} and {@link dev.runnel.auth.KeyRecord}. Both use {@link dev.runnel.auth.Scope}, and
 * {@link dev.runnel.auth.AuthException} says why a key is refused.
 */
@NullMarked
package dev.runnel.auth;

import org.jspecify.annotations.NullMarked;
