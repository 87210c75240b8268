/** What is attested: the options for predicates, and for base models and datasets. */
@NullMarked
package dev.modelsigning.cli.predicate;

import org.jspecify.annotations.NullMarked;
