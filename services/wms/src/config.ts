import { Type } from 'typebox'

export const config = Type.Object({
  WMS_URL: Type.String({ pattern: '^https?://', description: "the warehouse's API, such as https://wms.example/api" }),
})
