/**
 * The real rooms of the service in virtual time, on one thread: the HTTP verticle with its keys, limits and streams,
 * the bus, its client, and the generators. A seed decides everything that may differ between two runs. The rules of the
 * API are checked after each step.
 */
package dev.runnel.simulation;
