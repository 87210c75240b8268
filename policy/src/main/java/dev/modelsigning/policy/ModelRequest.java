package dev.modelsigning.policy;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.result.UnreadSignature;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model about which a policy is to decide.
 *
 * @param model where the model is
 * @param path its directory or file; empty if it is not in a file system, and then it has a name
 * @param signatures the signature files; if there are none, and the model is in a file system, they
 *     are found by convention: {@code *.sig} and {@code *.sigstore.json}, in the model's directory
 *     or beside it
 * @param claims the claims files; if there are none, and the model is in a file system, they are
 *     found by convention: {@code claims.jsonl} and {@code *.sigstore.json}
 * @param bundles signatures that are in no file
 * @param statements claims that are in no file
 * @param unread signatures that are in no file and could not be read: each is shown, and counts for
 *     nothing
 * @param name the name that patterns are compared with; empty for the path below the policy's
 *     directory, or below the one of {@link Policy#namedBelow}
 * @param reading how the model is read
 */
public record ModelRequest(
    ModelSource model,
    Optional<Path> path,
    List<Path> signatures,
    List<Path> claims,
    List<StoredBundle> bundles,
    List<ClaimSource> statements,
    List<UnreadSignature> unread,
    Optional<String> name,
    Reading reading) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is neither a path nor a name
   */
  public ModelRequest {
    if (path.isEmpty() && name.isEmpty()) {
      throw new IllegalArgumentException("a model that is in no file system needs a name");
    }
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
    bundles = List.copyOf(bundles);
    statements = List.copyOf(statements);
    unread = List.copyOf(unread);
  }

  /** Returns a request for a model whose signatures and claims are found by convention. */
  public static ModelRequest of(Path model) {
    return new ModelRequest(
        DirectorySource.of(model),
        Optional.of(model),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Reading.withDefaults());
  }

  /**
   * Returns a request for a model that is in no file system, such as one in a registry.
   *
   * @param model where it is
   * @param name its name, as the caller knows it, such as that of its repository
   * @param bundles its signatures
   * @param statements claims about it
   */
  public static ModelRequest of(
      ModelSource model, String name, List<StoredBundle> bundles, List<ClaimSource> statements) {
    return new ModelRequest(
        model,
        Optional.empty(),
        List.of(),
        List.of(),
        bundles,
        statements,
        List.of(),
        Optional.of(name),
        Reading.withDefaults());
  }

  /** Returns the same request with these signature files. */
  public ModelRequest signatures(List<Path> files) {
    return new ModelRequest(model, path, files, claims, bundles, statements, unread, name, reading);
  }

  /** Returns the same request with these claims files. */
  public ModelRequest claims(List<Path> files) {
    return new ModelRequest(
        model, path, signatures, files, bundles, statements, unread, name, reading);
  }

  /** Returns the same request with signatures that could not be read. */
  public ModelRequest unread(List<UnreadSignature> others) {
    return new ModelRequest(
        model, path, signatures, claims, bundles, statements, others, name, reading);
  }

  /** Returns the same request with another name, such as that of a repository. */
  public ModelRequest name(String other) {
    return new ModelRequest(
        model, path, signatures, claims, bundles, statements, unread, Optional.of(other), reading);
  }

  /** Returns the same request, reading the model in another way. */
  public ModelRequest reading(Reading how) {
    return new ModelRequest(
        model, path, signatures, claims, bundles, statements, unread, name, how);
  }
}
