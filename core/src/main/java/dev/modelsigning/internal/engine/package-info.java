/**
 * Lists directories and reads files with several threads, and hashes what it reads. It is
 * independent of models and algorithms.
 */
@NullMarked
package dev.modelsigning.internal.engine;

import org.jspecify.annotations.NullMarked;
