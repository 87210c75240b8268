package dev.modelsigning.vectors;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.testing.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the vectors of one folder below {@code vectors}, and writes its files and its index. */
public final class VectorFolder {

  private final Path root;
  private final String name;
  private final String method;
  private final List<Vector> vectors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** A folder that is named like the method of its vectors. */
  public VectorFolder(Path root, String method) {
    this.root = root;
    this.name = method;
    this.method = method;
  }

  /** The folder with all vectors, and the models. */
  public Path root() {
    return root;
  }

  /** Adds a vector and its bundle. */
  public void add(Vector vector, Bundle bundle) {
    add(vector, bundle.toJson().toArray());
  }

  /** Adds a vector and the JSON of its bundle. */
  public void add(Vector vector, String bundle) {
    add(vector, Vector.bytes(bundle));
  }

  /** Adds a vector and the bytes of its bundle. */
  public void add(Vector vector, byte[] bundle) {
    add(vector, name + "/" + vector.name() + ".sigstore.json", bundle);
  }

  /** Adds a vector whose bundle is in another place. */
  public void add(Vector vector, String place, byte[] bundle) {
    if (!names.add(vector.name())) {
      throw new IllegalArgumentException("there are two vectors " + vector.name());
    }
    write(place, bundle);
    vectors.add(vector.in(method, place));
  }

  /** Writes a file that vectors name, and returns how they name it. */
  public String file(String file, String content) {
    return write(name + "/files/" + file, Vector.bytes(content));
  }

  /** Writes certificates to such a file. */
  public String certificates(String file, TestCertificate... certificates) {
    StringBuilder pem = new StringBuilder();
    for (TestCertificate each : certificates) {
      pem.append(KeysForTests.pem("CERTIFICATE", each.der().toArray()));
    }
    return file(file + ".pem", pem.toString());
  }

  /** Writes a revocation list to such a file. */
  public String revocationList(String file, X509CRL list) {
    try {
      return file(file + ".pem", KeysForTests.pem("X509 CRL", list.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(String file, byte[] content) {
    try {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.write(path, content);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the index. */
  public void writeIndex(String about) throws IOException {
    Vector.write(root.resolve(name).resolve(VectorSet.INDEX), about, vectors);
  }
}
