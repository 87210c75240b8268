package dev.modelsigning.sigstore.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  private static List<Bytes> leaves(int number) {
    List<Bytes> leaves = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      leaves.add(MerkleTree.leafHash(Bytes.of(new byte[] {(byte) i})));
    }
    return leaves;
  }

  @Test
  void acceptsEveryLeafOfEveryTreeAtItsPlaceAndNowhereElse() {
    for (int size = 1; size <= 33; size++) {
      List<Bytes> leaves = leaves(size);
      Bytes root = TestLog.root(leaves);
      for (int index = 0; index < size; index++) {
        List<Bytes> path = TestLog.path(index, leaves);
        for (int claimed = -1; claimed <= size; claimed++) {
          assertThat(MerkleTree.includes(leaves.get(index), claimed, size, path, root))
              .as("leaf %d of %d as %d", index, size, claimed)
              .isEqualTo(claimed == index);
        }
      }
    }
  }

  @Test
  void refusesPathsThatAreTooShortTooLongOrOfOtherHashes() {
    List<Bytes> leaves = leaves(11);
    Bytes root = TestLog.root(leaves);
    for (int index = 0; index < leaves.size(); index++) {
      Bytes leaf = leaves.get(index);
      List<Bytes> path = TestLog.path(index, leaves);
      List<Bytes> longer = new ArrayList<>(path);
      longer.add(root);
      List<Bytes> ragged = new ArrayList<>(path);
      ragged.set(0, Bytes.of(new byte[31]));
      assertThat(MerkleTree.includes(leaf, index, 11, path.subList(1, path.size()), root))
          .isFalse();
      assertThat(MerkleTree.includes(leaf, index, 11, longer, root)).isFalse();
      assertThat(MerkleTree.includes(leaf, index, 11, ragged, root)).isFalse();
      assertThat(MerkleTree.includes(root, index, 11, List.of(), root)).isFalse();
      assertThat(MerkleTree.includes(leaf, index, Long.MAX_VALUE, path, root)).isFalse();
    }
  }
}
