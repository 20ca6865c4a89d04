package dev.runnel.http;

import dev.runnel.limit.Demand;
import dev.runnel.limit.Permit;

/**
 * What a generation was admitted with.
 *
 * @param demand the reserved tokens
 */
record Reservation(Permit permit, Demand demand) {}
