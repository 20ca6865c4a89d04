/**
 * The management port: metrics and health. It must not know the service port.
 *
 * <p>The root uses {@link dev.runnel.http.management.ManagementVerticle} and
 * {@link dev.runnel.http.management.HealthCheck}.
 */
@NullMarked
package dev.runnel.http.management;

import org.jspecify.annotations.NullMarked;
