package dev.modelsigning.oci.internal.push;

import dev.modelsigning.model.ModelFile;
import dev.modelsigning.oci.internal.registry.BlobContent;
import dev.modelsigning.oci.reference.OciDigest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A file that is pushed. Before its last byte is handed out it is checked that it is still the one
 * that was hashed: so a registry that would not look at the digest gets no other file either.
 */
final class FileContent implements BlobContent {

  private final ModelFile file;
  private final OciDigest digest;

  FileContent(ModelFile file, OciDigest digest) {
    this.file = file;
    this.digest = digest;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public InputStream open(long from) throws IOException {
    return new Checked(Channels.newInputStream(file.open(from, file.size())), from);
  }

  private final class Checked extends FilterInputStream {
    /** Over the whole file; what begins later is checked by the registry, and by the version. */
    private final MessageDigest function;

    private final boolean whole;
    private long left;

    Checked(InputStream content, long from) throws IOException {
      super(content);
      function = sha256();
      whole = from == 0;
      left = file.size() - from;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int number = super.read(target, offset, (int) Math.min(length, left));
      if (number < 0) {
        throw changed("is shorter than it was");
      }
      function.update(target, offset, number);
      left -= number;
      if (left == 0) {
        file.requireUnchanged();
        OciDigest found = OciDigest.ofHash(function.digest());
        if (whole && !found.equals(digest)) {
          throw changed("was " + digest + " and is " + found);
        }
      }
      return number;
    }

    @Override
    public long skip(long number) {
      throw new UnsupportedOperationException("every byte is hashed");
    }

    private IOException changed(String how) {
      return new FileSystemException(
          file.location(),
          null,
          "changed while it was pushed: it "
              + how
              + "; the tag was left as it was, push again when the file is complete");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
