import kafkajs from 'kafkajs'
import { asAdmin } from './secure/secured.ts'

/** Sets a topic's own settings to these, and waits for nothing. */
export async function setConfig(broker: string, name: string, config: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }))
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }]
  await asAdmin(broker, admin => admin.alterConfigs({ validateOnly: false, resources }))
}
