/** Certificates for tests, made on the spot. */
package dev.runnel.pem;
