package dev.runnel.http;

import dev.runnel.limit.Demand;
import dev.runnel.limit.Permit;

/**
 * What a generation was admitted with.
 *
 * @param keyId whose it is
 * @param demand what is reserved for it
 */
record Reservation(String keyId, Permit permit, Demand demand) {}
