/**
 * Configurations that name code or contain templates, and files that are searched for the names of
 * runnable content.
 */
@NullMarked
package dev.modelsigning.content.internal.config;

import org.jspecify.annotations.NullMarked;
