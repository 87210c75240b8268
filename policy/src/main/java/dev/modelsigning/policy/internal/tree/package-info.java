/** A policy as a tree of maps, lists and texts, each with its place in the file. */
@NullMarked
package dev.modelsigning.policy.internal.tree;

import org.jspecify.annotations.NullMarked;
