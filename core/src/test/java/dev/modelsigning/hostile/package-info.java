/**
 * Bundles that are made to cost whoever reads them time and memory, of any size, and a measurement
 * of what they cost ({@code bench/hostile}).
 */
package dev.modelsigning.hostile;
