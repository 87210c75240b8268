/** The commands for attestations: statements about a model beside its signature. */
@NullMarked
package dev.modelsigning.cli.attest;

import org.jspecify.annotations.NullMarked;
