/**
 * Immutable records for every setting, and the one class that reads them from {@code conf/runnel.yaml} and the
 * environment. It knows what a setting may be, not what is done with it.
 */
@NullMarked
package dev.runnel.config;

import org.jspecify.annotations.NullMarked;
