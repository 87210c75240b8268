/**
 * Which signed files the parts of a model are that somebody wants to have verified by themselves.
 */
@NullMarked
package dev.modelsigning.internal.part;

import org.jspecify.annotations.NullMarked;
