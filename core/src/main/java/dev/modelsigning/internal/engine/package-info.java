/**
 * Lists directories and reads files with several threads at once, and hashes what it reads. It
 * knows neither models nor algorithms.
 */
@NullMarked
package dev.modelsigning.internal.engine;

import org.jspecify.annotations.NullMarked;
