/** What a model's card states, and its licences by the SPDX License List. */
@NullMarked
package dev.modelsigning.internal.card;

import org.jspecify.annotations.NullMarked;
