/** The only place that names a meter. It knows no other room: those hand it numbers. */
@NullMarked
package dev.runnel.metric;

import org.jspecify.annotations.NullMarked;
