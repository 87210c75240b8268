package dev.modelsigning.policy;

import dev.modelsigning.manifest.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model about which a policy is to decide.
 *
 * @param model the directory or file of the model
 * @param signatures the signature files; if there are none, they are found by convention: {@code
 *     *.sig} and {@code *.sigstore.json}, in the model's directory or beside it
 * @param claims the claims files; if there are none, they are found by convention: {@code
 *     claims.jsonl} and {@code *.sigstore.json}
 * @param name the name that patterns are compared with; empty for the path below the policy's
 *     directory, or below the one of {@link Policy#namedBelow}
 * @param reading how the model is read
 */
public record ModelRequest(
    Path model, List<Path> signatures, List<Path> claims, Optional<String> name, Reading reading) {

  /** Copies the lists. */
  public ModelRequest {
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
  }

  /** Returns a request for a model whose signatures and claims are found by convention. */
  public static ModelRequest of(Path model) {
    return new ModelRequest(model, List.of(), List.of(), Optional.empty(), Reading.withDefaults());
  }

  /** Returns the same request with these signature files. */
  public ModelRequest signatures(List<Path> files) {
    return new ModelRequest(model, files, claims, name, reading);
  }

  /** Returns the same request with these claims files. */
  public ModelRequest claims(List<Path> files) {
    return new ModelRequest(model, signatures, files, name, reading);
  }

  /** Returns the same request with another name, such as that of a repository. */
  public ModelRequest name(String other) {
    return new ModelRequest(model, signatures, claims, Optional.of(other), reading);
  }

  /** Returns the same request, reading the model in another way. */
  public ModelRequest reading(Reading how) {
    return new ModelRequest(model, signatures, claims, name, how);
  }
}
