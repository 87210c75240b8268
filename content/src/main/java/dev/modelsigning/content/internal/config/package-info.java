/**
 * Configurations that name code or hold templates, and files that are searched for the names of
 * what runs.
 */
@NullMarked
package dev.modelsigning.content.internal.config;

import org.jspecify.annotations.NullMarked;
