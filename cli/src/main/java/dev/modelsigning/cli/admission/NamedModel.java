package dev.modelsigning.cli.admission;

/**
 * A model that a pod names.
 *
 * @param text the name, as the author of the pod wrote it; it may be anything, a password included
 * @param place where it is named and by which containers it is used, for messages; escaped
 */
record NamedModel(String text, String place) {}
