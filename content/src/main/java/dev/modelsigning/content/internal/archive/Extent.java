package dev.modelsigning.content.internal.archive;

/**
 * A part of a zip file: an entry from the first byte of its local header to behind its data, or a
 * directory.
 *
 * @param from its first byte
 * @param to the byte behind it
 */
record Extent(long from, long to) {}
