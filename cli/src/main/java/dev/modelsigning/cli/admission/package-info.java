/** Reviews of pods: which models a pod names, and the answer to the API server of Kubernetes. */
@NullMarked
package dev.modelsigning.cli.admission;

import org.jspecify.annotations.NullMarked;
