import { recordSourceConformance } from '@hookline/testkit/conformance'
import { groupName, newTopic, produce, testSource } from './cluster.ts'

recordSourceConformance('recordSource', async () => {
  const topic = await newTopic(3)
  const groupId = groupName()
  return {
    append: (partition, values) =>
      produce(
        topic,
        values.map(value => ({ partition, value })),
      ),
    open: ({ sliceSize }) => testSource({ groupId, topics: [topic], sliceSize }),
  }
})
