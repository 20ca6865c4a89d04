/**
 * Immutable records for every setting, and {@link dev.runnel.config.ConfigReader}, which makes them from
 * {@code conf/runnel.yaml}, a file and the environment. It must not know what is done with a setting.
 *
 * <p>Entry points: {@link dev.runnel.config.ConfigReader} and {@link dev.runnel.config.RunnelConfig}. Every public type
 * is public API.
 */
@NullMarked
package dev.runnel.config;

import org.jspecify.annotations.NullMarked;
