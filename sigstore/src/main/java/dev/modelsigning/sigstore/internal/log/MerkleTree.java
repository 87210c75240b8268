package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.sigstore.internal.data.Sha256;
import java.security.MessageDigest;
import java.util.List;

/** The hashes of a Merkle tree of log entries (RFC 9162 2.1). */
final class MerkleTree {

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private MerkleTree() {}

  /** The hash of a leaf. */
  static Bytes leafHash(Bytes content) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(LEAF);
    return Bytes.of(digest.digest(content.toArray()));
  }

  /** The hash of a node with two children. */
  static Bytes nodeHash(Bytes left, Bytes right) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(NODE);
    digest.update(left.toArray());
    return Bytes.of(digest.digest(right.toArray()));
  }

  /**
   * Whether a leaf is in a tree at exactly this index (RFC 9162 2.1.3.2).
   *
   * @param leafHash its hash
   * @param index its index, from 0
   * @param treeSize number of leaves
   * @param path the siblings on the path to the root
   * @param rootHash the hash of the root
   */
  static boolean includes(
      Bytes leafHash, long index, long treeSize, List<Bytes> path, Bytes rootHash) {
    if (index < 0 || index >= treeSize) {
      return false;
    }
    long node = index;
    long last = treeSize - 1;
    Bytes hash = leafHash;
    for (Bytes sibling : path) {
      if (last == 0 || sibling.length() != Sha256.LENGTH) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = nodeHash(sibling, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = nodeHash(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(rootHash);
  }
}
