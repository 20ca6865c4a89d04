package dev.runnel.message;

/**
 * The places of one model on one node.
 *
 * @param model its name
 * @param isDefault whether requests that name no model use it
 * @param free the places to run that are free; less than 0: so many generations wait
 */
public record ModelPlaces(String model, boolean isDefault, int free) {}
