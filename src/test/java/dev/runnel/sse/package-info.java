/** Reads streams as clients do, and checks what always holds of them. For the tests of every room. */
package dev.runnel.sse;
