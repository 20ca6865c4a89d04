package dev.runnel.config;

/**
 * One entry of {@code plans}: what the keys that name it may use.
 *
 * @param name how keys call it
 */
public record PlanConfig(String name, Allowance allowance) {}
